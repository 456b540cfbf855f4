postMessage('ready')
