export function greet(): void {
  const output = document.querySelector('output')
  if (output) output.textContent = 'Ready.'
}
