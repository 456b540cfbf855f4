import { sep } from 'node:path'

/** Converts a native path to the forward slashes of paths inside a site; Windows uses backslashes. */
export const slashes = (path: string): string => path.split(sep).join('/')
