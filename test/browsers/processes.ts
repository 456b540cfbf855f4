import { readFileSync, readdirSync } from 'node:fs'

export interface Process {
  id: number
  parent: number
  group: number
  name: string
}

/** Every process of this machine, as Linux tells it. */
export const processes = (): Process[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((id) => {
      try {
        const [, name, rest] = /^\d+ \((.*)\) (.*)/s.exec(readFileSync(`/proc/${id}/stat`, 'latin1')) ?? []
        const [, parent, group] = (rest ?? '').split(' ')
        return [{ id: Number(id), parent: Number(parent), group: Number(group), name: name ?? '' }]
      } catch {
        return [] // It has ended meanwhile.
      }
    })
