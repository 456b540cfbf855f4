export const fact = 'A bittern booms so low that it carries for three miles across a marsh.'
