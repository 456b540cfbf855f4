globalThis.classicRan = true
// The oldest hole of all: a part of the address, written while the page is parsed.
const written = new URLSearchParams(location.hash.slice(1)).get('write')
if (written) document.write(written)
