import { apache } from './apache.ts'
import { azure } from './azure.ts'
import { caddy } from './caddy.ts'
import { firebase } from './firebase.ts'
import type { HostFile } from './host-file.ts'
import { nginx } from './nginx.ts'
import { vercel } from './vercel.ts'

export type { Header, HostFile, HostProblem, HostReading, HostRequest } from './host-file.ts'

/** The files that hosts read, beside `_headers`, with a reader of its own for each. */
export const HOST_FILES: readonly HostFile[] = [vercel, firebase, azure, apache, nginx, caddy]
