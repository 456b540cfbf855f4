export const title = 'Guest book'
