import { useLoaderData } from 'react-router'

export function Notes() {
  const notes = useLoaderData<string[]>()
  return (
    <section data-view="notes">
      <h2>Notes for mariners</h2>
      <ul>
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </section>
  )
}
