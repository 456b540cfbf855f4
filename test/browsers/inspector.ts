import { connect, type Socket } from 'node:net'

interface Message {
  id?: number
  method?: string
  params?: { targetInfo?: { targetId: string; isPaused?: boolean }; message?: string | ConsoleMessage }
}

interface ConsoleMessage {
  level: string
  text: string
  parameters?: { type: string; value?: unknown; description?: string }[]
}

/** The first debuggable of a new automated browser is its only page. */
const PAGE = Buffer.alloc(16)
PAGE.writeBigUInt64LE(1n, 0)
PAGE.writeBigUInt64LE(1n, 8)

/**
 * WebKitGTK's inspector, beside the driver's own connection to the browser's inspector server: WebDriver has
 * neither a script for new documents nor the console. A message is its length, a byte of flags, a name that
 * ends in NUL, and a GVariant tuple: two 64-bit numbers (connection, target) and a string.
 */
export async function inspect(
  port: number,
  script: string,
  onMessage: (level: string, text: string) => void,
): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  let received = Buffer.alloc(0)
  let lastId = 0
  const send = (name: string, body: Buffer): void => {
    const head = Buffer.alloc(5)
    head.writeUInt32BE(name.length + 1 + body.length)
    head[4] = 1 // little-endian
    socket.write(Buffer.concat([head, Buffer.from(`${name}\0`), body]))
  }
  const command = (method: string, params: object): number => {
    const id = ++lastId
    const text = `${JSON.stringify({ id, method, params })}\0`
    send('SendMessageToBackend', Buffer.concat([PAGE, Buffer.from(text)]))
    return id
  }
  const inTarget = (targetId: string, method: string, params: object): number => {
    const id = ++lastId
    command('Target.sendMessageToTarget', { targetId, message: JSON.stringify({ id, method, params }) })
    return id
  }
  await new Promise<void>((resolve, reject) => {
    let ready = 0
    const receive = (message: Message): void => {
      const { method, params } = message
      if (method === 'Target.dispatchMessageFromTarget')
        receive(JSON.parse(String(params?.message)) as Message)
      else if (method === 'Target.targetCreated' && params?.targetInfo) {
        const { targetId, isPaused } = params.targetInfo
        inTarget(targetId, 'Console.enable', {})
        inTarget(targetId, 'Page.enable', {})
        // Else a document whose scripts are all blocked gets no global object, and the script never runs in it.
        inTarget(targetId, 'Runtime.enable', {})
        ready = inTarget(targetId, 'Page.setBootstrapScript', { source: script })
        if (isPaused) command('Target.resume', { targetId })
      } else if (method === 'Console.messageAdded' && typeof params?.message === 'object') {
        const { level, text, parameters } = params.message
        const words = parameters?.map((word) => String(word.value ?? word.description ?? word.type))
        onMessage(level, words?.join(' ') ?? text)
      } else if (message.id === ready && ready) resolve()
    }
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('The browser ended before its page could be inspected.')))
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes])
      while (received.length >= 5 && received.length >= 5 + received.readUInt32BE()) {
        const end = 5 + received.readUInt32BE()
        const body = received.subarray(5, end)
        received = received.subarray(end)
        const start = body.indexOf(0) + 1
        const name = body.toString('utf8', 0, start - 1)
        if (name === 'DidSetupInspectorClient') {
          send('Setup', PAGE)
          // A page that moves to a new process waits there for the script.
          command('Target.setPauseOnStart', { pauseOnStart: true })
        } else if (name === 'SendMessageToFrontend')
          receive(JSON.parse(body.toString('utf8', start + 16, body.length - 1)) as Message)
      }
    })
    send('SetupInspectorClient', Buffer.from('\0'))
  })
  return socket
}
