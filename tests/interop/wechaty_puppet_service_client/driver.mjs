// SPDX-License-Identifier: Apache-2.0
// npm wechaty with wechaty-puppet-service, driven from outside.
//
// Reads commands from standard input, one JSON object a line: {"id": 1, "script": "...", "args": {}}.
// The script is the body of an async function that sees what is in `scope` below and the args. What
// it returns is written to file descriptor 3: {"id": 1, "result": ...} or {"id": 1, "error": "..."}.
import { once } from 'node:events'
import { writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'

import { FileBox } from 'file-box'
import { WechatyBuilder } from 'wechaty'
import * as PUPPET from 'wechaty-puppet'
import { PuppetService } from 'wechaty-puppet-service'

const events = [
  'dirty', 'dong', 'error', 'friendship', 'heartbeat', 'login', 'logout', 'message', 'post', 'ready',
  'reset', 'room-invite', 'room-join', 'room-leave', 'room-topic', 'scan', 'start', 'stop',
]

/** Waits until the condition holds, looking whenever something was heard. */
async function until (what, condition, seconds = 20) {
  const end = Date.now() + seconds * 1000
  while (!condition()) {
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}

/** One wechaty with its puppet and everything that the puppet has said, in order. */
class Client {
  lines = []

  constructor (options) {
    this.puppet = new PuppetService(options)
    for (const event of events) {
      this.puppet.on(event, payload => this.lines.push(`${event} ${JSON.stringify(
        payload instanceof Error ? { message: payload.message } : payload ?? {})}`))
    }
    this.bot = WechatyBuilder.build({ puppet: this.puppet })
    this.bot.on('error', () => {})  // an error without a listener would end the process
  }

  count (beginning) { return this.lines.filter(line => line.startsWith(beginning)).length }
  heard (beginning, times = 1, seconds = 20) {
    return until(beginning, () => this.count(beginning) >= times, seconds)
  }
}

const clients = {}

/** A new client under a name; the puppet and bot of the scripts from here on. */
function make (name, options) {
  const client = new Client(options)
  clients[name] = client
  use(name)
}
function use (name) {
  const { bot, puppet } = clients[name]
  Object.assign(scope, { bot, client: clients[name], puppet })
}

/** The bytes that both sides know: those of pattern() in C++. */
const pattern = size => Buffer.alloc(size, 'abcdefghijklmnopqrstuvwxyz')
/** What a test wants to know of a file. */
async function look (box) {
  const parts = []
  const stream = await box.toStream()
  stream.on('data', part => parts.push(part))
  await once(stream, 'end')
  const bytes = Buffer.concat(parts)
  return { name: box.name, same: bytes.equals(pattern(bytes.length)), size: bytes.length }
}

const scope = { clients, FileBox, look, make, pattern, PUPPET, Readable, until, use }
const AsyncFunction = (async () => {}).constructor

async function run ({ script, args }) {
  const names = { ...scope, ...args }
  const result = await new AsyncFunction(...Object.keys(names), script)(...Object.values(names))
  return result ?? null
}

function answer (message) {
  const bytes = Buffer.from(JSON.stringify(message) + '\n')
  for (let at = 0; at < bytes.length;) at += writeSync(3, bytes, at)
}

// What nobody caught is a fact of the reference that a test may want to know.
const uncaught = []
scope.uncaught = uncaught
process.on('uncaughtException', error => uncaught.push(String(error.message)))
process.on('unhandledRejection', error => uncaught.push(String(error?.message)))

answer({ id: 0, result: 'ready' })
for await (const line of createInterface({ input: process.stdin })) {
  const { id, ...command } = JSON.parse(line)
  run(command).then(
    result => answer({ id, result }),
    error => answer({ error: String(error?.message ?? error), id }),
  )
}
process.exit(0)
