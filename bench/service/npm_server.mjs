// SPDX-License-Identifier: Apache-2.0
// The npm PuppetServer with npm wechaty-puppet-mock behind it, and events on command (commands.hpp).
//   node npm_server.mjs HOST:PORT TOKEN
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

import { PuppetMock, mock } from 'wechaty-puppet-mock'
import { PuppetServer } from 'wechaty-puppet-service'

const [endpoint, token] = process.argv.slice(2)
const mocker = new mock.Mocker()
let bot
let alice
mocker.use(() => {
  bot = mocker.createContact({ id: 'bot', name: 'Bot', alias: '' })
  alice = mocker.createContact({ id: 'alice', name: 'Alice', alias: '' })
  mocker.login(bot)
  mocker.puppet.emit('ready', { data: 'ready' })
  return () => {}
})
const server = new PuppetServer({
  endpoint, token, puppet: new PuppetMock({ mocker }), tls: { disable: true },
})
await server.start()
console.log(`listening on ${endpoint}`)

for await (const line of createInterface({ input: process.stdin })) {
  const [verb, count, pause] = line.split(' ')
  for (let i = 0; i < Number(count); i++) {
    if (verb === 'burst') {
      alice.say('hello').to(bot)
    } else {
      await sleep(Number(pause) / 1000)
      mocker.puppet.emit('dong', { data: String(process.hrtime.bigint()) })
    }
  }
}
process.exit(0)
