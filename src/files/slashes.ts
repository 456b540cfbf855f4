import { sep } from 'node:path'

/** A path of this machine with `/`, as paths inside a site are written: on Windows it comes with backslashes. */
export const slashes = (path: string): string => path.split(sep).join('/')
