import { greet } from './greet.ts'

greet()
