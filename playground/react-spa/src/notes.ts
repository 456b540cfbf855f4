export const notes = [
  'Port Ellery is made up. So are its tides: do not moor by them.',
  'Spring tides follow new and full moon by a day or two.',
  'A harmonic constituent is one cosine; a real harbour needs about forty.',
]
