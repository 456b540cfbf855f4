import chime from './chime.wav?no-inline'

export const sound = new Audio(chime)
sound.load()
