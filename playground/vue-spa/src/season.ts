import type { Bed } from './garden.ts'

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

/** `13` is January again. */
export function monthName(month: number): string {
  return months[(month - 1) % 12] ?? ''
}

/** Month in which a bed is ready, from 1, past 12 in the year after. */
export function harvestMonth({ sow, weeks }: Bed): number {
  return sow + Math.round(weeks / 4.35)
}
