/** `13.5` → `13:30`. */
export function clockTime(hour: number): string {
  const minutes = Math.round(hour * 60) % 1440
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}

/** A year of half days, each with the age of the moon in days: the almanac's common table. */
export function moonAges(year: number): number[] {
  const synodic = 29.530588853
  const newMoon = Date.UTC(2000, 0, 6, 18, 14)
  const start = Date.UTC(year, 0, 1)
  return Array.from({ length: 730 }, (_, half) => {
    const days = (start - newMoon) / 86_400_000 + half / 2
    return days % synodic
  })
}
