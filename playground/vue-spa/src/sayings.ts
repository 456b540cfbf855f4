export const sayings = [
  'Sow beans when the elm leaves are as big as a farthing.',
  'A wet May fills the barn with hay.',
  'Who plants a pumpkin makes a friend with a wheelbarrow.',
]
