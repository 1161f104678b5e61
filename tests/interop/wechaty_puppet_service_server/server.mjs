// SPDX-License-Identifier: Apache-2.0
// The npm PuppetServer with npm wechaty-puppet-mock behind it.
//
//   node server.mjs HOST:PORT TOKEN [tls]
//
// Alice does what the bot tells her: "ding" - she says "dong"; "file N" - she sends a file of N bytes;
// "no extension" - she sends a PNG called "picture"; "log out" - the account is logged out.
import { FileBox } from 'file-box'
import { types } from 'wechaty-puppet'
import { PuppetMock, mock } from 'wechaty-puppet-mock'
import { PuppetServer } from 'wechaty-puppet-service'

const [endpoint, token, tls] = process.argv.slice(2)

const pattern = (size) => Buffer.from(Array.from({ length: size }, (_, i) => 97 + i % 26))
const png = Buffer.concat([
  Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55', 'hex'),
  pattern(40_000),
])
// The mock keeps files as JSON, which buffers cannot be; base64 of any size can.
const box = (content, name) => FileBox.fromBase64(content.toString('base64'), name)

const mocker = new mock.Mocker()
mocker.use(() => {
  // The mock's contacts outlive a stop; a second start finds them.
  const people = mocker.cacheContactPayload
  const contact = (id, name) => people.has(id)
    ? mocker.ContactMock.load(id)
    : mocker.createContact({ id, name, alias: '' })
  const bot = contact('bot', 'Bot')
  const alice = contact('alice', 'Alice')
  if (!mocker.cacheRoomPayload.has('lobby@')) {
    mocker.createRoom({ id: 'lobby@', topic: 'Lobby', memberIdList: ['alice', 'bot'] })
  }
  const answer = (message) => {
    if (message.payload.talkerId !== 'bot') return
    const text = message.payload.text ?? ''
    const [, size] = /^file (\d+)$/.exec(text) ?? []
    if (text === 'ding') alice.say('dong').to(bot)
    if (size) alice.say(box(pattern(Number(size)), 'file.txt')).to(bot)
    if (text === 'no extension') alice.say(box(png, 'picture')).to(bot)
    if (text === 'log out') setTimeout(() => mocker.puppet.logout('kicked'), 100)
  }
  alice.on('message', answer)
  const begin = async () => {
    // The reference's stop() forgets to log out, and its login() refuses a second one.
    if (mocker.puppet.isLoggedIn) await mocker.puppet.logout('stopped before')
    mocker.scan('https://example.org/scan', types.ScanStatus.Waiting)
    mocker.login(bot)
    mocker.puppet.emit('ready', { data: 'ready' })
  }
  begin()
  return () => alice.off('message', answer)
})

const server = new PuppetServer({
  endpoint,
  puppet: new PuppetMock({ mocker }),
  tls: { disable: tls !== 'tls' },
  token,
})
await server.start()
console.log('listening')
