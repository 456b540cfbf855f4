export interface Bed {
  crop: string
  /** Month of sowing, from 1. */
  sow: number
  weeks: number
  plants: number
}

export interface Garden {
  garden: string
  beds: Bed[]
}

/** The garden that the page was made for, from the data block in its HTML. */
export function readGarden(): Garden {
  return JSON.parse(document.querySelector('#garden')?.textContent ?? '') as Garden
}
