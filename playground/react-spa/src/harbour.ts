/** One sinusoid of the tide: metres, hours, radians. */
export interface Constituent {
  name: string
  amplitude: number
  period: number
  phase: number
}

export interface Harbour {
  name: string
  constituents: Constituent[]
  /** Mean water level in metres. */
  mean: number
}

/** The harbour that the page was made for, from the data block in its HTML. */
export function readHarbour(): Harbour {
  const block = document.getElementById('harbour')
  return JSON.parse(block?.textContent ?? '') as Harbour
}
