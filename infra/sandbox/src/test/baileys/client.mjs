// A Baileys client that is driven over stdin and tells over stdout, one JSON object per line.
//
//   node client.mjs '{"url": "ws://127.0.0.1:7070/ws/chat", "rootKey": "<hex>", "auth": "<folder>"}'
//
// Tells: {"event": "qr" | "open" | "close" | "message" | "receipt", ...}
// Takes: {"call": n, "do": "send" | "read" | "forgetSession" | "exists" | "logout" | "stop", ...}
//        and answers each with {"answer": n, "result": ...} or {"answer": n, "error": "..."}.
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import makeWASocket, { DisconnectReason, proto, useMultiFileAuthState } from '@whiskeysockets/baileys'
import { WA_CERT_DETAILS } from '@whiskeysockets/baileys/lib/Defaults/index.js'
import pino from 'pino'

const { url, rootKey, auth, level = 'silent' } = JSON.parse(process.argv[2])
WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(rootKey, 'hex')

// Baileys' Signal library prints sessions, keys and all, and the standard output is ours.
for (const method of ['log', 'info', 'warn', 'error', 'debug']) console[method] = () => {}

const tell = (object) => process.stdout.write(JSON.stringify(object) + '\n')
const logger = pino({ level }, pino.destination(2))

// What was sent, for whoever asks for it again: also after a restart.
mkdirSync(auth, { recursive: true })
const sentFile = join(auth, 'sent.jsonl')
const sent = new Map()
if (existsSync(sentFile)) {
  for (const line of readFileSync(sentFile, 'utf8').split('\n').filter(Boolean)) {
    const { id, message } = JSON.parse(line)
    sent.set(id, proto.Message.decode(Buffer.from(message, 'base64')))
  }
}
const remember = (id, message) => {
  sent.set(id, message)
  const bytes = proto.Message.encode(message).finish()
  appendFileSync(sentFile, JSON.stringify({ id, message: Buffer.from(bytes).toString('base64') }) + '\n')
}

const finalReasons = [DisconnectReason.loggedOut, DisconnectReason.forbidden, DisconnectReason.connectionReplaced]
let socket
let stopping = false

const connect = async () => {
  const { state, saveCreds } = await useMultiFileAuthState(auth)
  socket = makeWASocket({
    auth: state,
    waWebSocketUrl: url,
    logger,
    // Nobody has a history here, and Baileys would wait for it.
    shouldSyncHistoryMessage: () => false,
    getMessage: async ({ id }) => sent.get(id)
  })
  socket.ev.on('creds.update', saveCreds)
  socket.ev.on('connection.update', ({ connection, qr, lastDisconnect }) => {
    if (qr) tell({ event: 'qr', qr })
    if (connection === 'open') tell({ event: 'open', jid: socket.user.id, lid: socket.user.lid })
    if (connection === 'close') {
      const status = lastDisconnect?.error?.output?.statusCode ?? 0
      tell({ event: 'close', status })
      if (!stopping && !finalReasons.includes(status)) {
        setTimeout(connect, status === DisconnectReason.restartRequired ? 0 : 500)
      }
    }
  })
  socket.ev.on('messages.upsert', ({ messages, type }) => {
    for (const { key, message, messageTimestamp, messageStubType } of messages) {
      tell({
        event: 'message',
        id: key.id,
        chat: key.remoteJid,
        chatAlt: key.remoteJidAlt,
        fromMe: key.fromMe === true,
        text: message?.conversation ?? message?.extendedTextMessage?.text,
        undecryptable: messageStubType === proto.WebMessageInfo.StubType.CIPHERTEXT,
        offline: type === 'append',
        timestamp: Number(messageTimestamp)
      })
    }
  })
  socket.ev.on('messages.update', (updates) => {
    for (const { key, update } of updates) {
      if (update.status !== undefined && update.status !== null) {
        tell({ event: 'receipt', id: key.id, chat: key.remoteJid, status: update.status })
      }
    }
  })
}

const jid = (to) => (to.includes('@') ? to : `${to}@s.whatsapp.net`)

const actions = {
  send: async ({ to, text, id }) => {
    const { key, message } = await socket.sendMessage(jid(to), { text }, id ? { messageId: id } : {})
    remember(key.id, message)
    return { id: key.id }
  },
  read: async ({ chat, id }) => {
    await socket.readMessages([{ remoteJid: chat, id, fromMe: false }])
  },
  // Forgets the Signal session with one device, as a client that has lost it would.
  forgetSession: async ({ jid: device }) => {
    await socket.signalRepository.deleteSession([device])
  },
  exists: async ({ to }) => ({ exists: (await socket.onWhatsApp(to)).some(({ exists }) => exists) }),
  logout: async () => {
    stopping = true
    await socket.logout()
  },
  stop: async () => {
    stopping = true
    await socket.end(undefined)
    // Its last writes are on their way to the disk.
    setTimeout(() => process.exit(0), 200)
  }
}

createInterface({ input: process.stdin })
  .on('line', async (line) => {
    const { call, do: action, ...given } = JSON.parse(line)
    try {
      tell({ answer: call, result: (await actions[action](given)) ?? {} })
    } catch (error) {
      tell({ answer: call, error: String(error?.message ?? error) })
    }
  })
  // Whoever drove this is gone.
  .on('close', () => process.exit(0))

await connect()
