// SPDX-License-Identifier: Apache-2.0
// Prints, as one JSON document, what the npm package makes: the numbers of its enums, sayables by its
// own creators, file boxes, error events, and payloads that passed through its puppet class.
import { FileBox } from 'file-box'
import { Puppet, payloads, types } from 'wechaty-puppet'

const numbers = (e) => Object.fromEntries(Object.entries(e).filter(([, v]) => typeof v === 'number'))

const { sayable } = payloads
const file = () => FileBox.fromBase64('aGk=', 'a.txt')
const sayables = {
  text: sayable.text('hello', ['alice']),
  textWithoutMentions: sayable.text('hello'),
  contact: sayable.contact('alice'),
  attachment: sayable.attatchment(file()),
  audio: sayable.audio(FileBox.fromBase64('aGk=', 'a.mp3')),
  emoticon: sayable.emoticon(FileBox.fromBase64('aGk=', 'a.gif')),
  image: sayable.image(FileBox.fromUrl('http://x.y/z.png')),
  video: sayable.video(FileBox.fromUuid('880c188f-0000-4000-8000-000000000000', { name: 'v.mp4', size: 12 })),
  url: sayable.url({ title: 't', url: 'https://example.org', description: 'd' }),
  miniProgram: sayable.miniProgram({ title: 'mini', appid: 'a' }),
  location: sayable.location({ accuracy: 15, address: 'a', latitude: 1.5, longitude: -2.25, name: 'n' }),
  post: sayable.post({ sayableList: [sayable.text('p')], type: types.Post.Moment }),
}

// A puppet that only shows what its base class makes of events and payloads.
class Show extends Puppet {
  async onStart () {}
  async onStop () {}
  async contactRawPayload () { return raw.contact }
  async contactRawPayloadParser (payload) { return payload }
  async roomRawPayload () { return raw.room }
  async roomRawPayloadParser (payload) { return payload }
  async messageRawPayload () { return raw.message }
  async messageRawPayloadParser (payload) { return payload }
}
const raw = {
  contact: {
    id: 'alice', gender: types.ContactGender.Female, type: types.Contact.Individual, name: 'Alice',
    avatar: '', phone: ['1'], friend: true, alias: 'al',
  },
  message: {
    id: 'm', talkerId: 'alice', type: types.Message.Text, timestamp: 1700000000000, text: 'hi',
    roomId: 'lobby', mentionIdList: ['bot'],
  },
  room: { id: 'lobby', topic: 'Lobby', memberIdList: ['alice', 'bot'], adminIdList: [] },
}
const puppet = new Show()
const errors = []
puppet.on('error', (payload) => errors.push(payload))
puppet.emit('error', 'a text')
puppet.emit('error', new Error('an error'))
puppet.emit('error', { code: 5, message: 'nothing there' })

const fileBoxes = [
  file(),
  FileBox.fromUrl('http://x.y/z.png'),
  FileBox.fromQRCode('text'),
  FileBox.fromUuid('880c188f-0000-4000-8000-000000000000', { name: 'f.txt', size: 12 }),
]

const out = {
  enums: {
    ContactGender: numbers(types.ContactGender),
    ContactType: numbers(types.Contact),
    DirtyType: numbers(types.Dirty),
    FriendshipSceneType: numbers(types.FriendshipScene),
    FriendshipType: numbers(types.Friendship),
    ImageType: numbers(types.Image),
    MessageType: numbers(types.Message),
    PostType: numbers(types.Post),
    ScanStatus: numbers(types.ScanStatus),
    TapType: numbers(types.Tap),
  },
  events: Object.keys(types.PUPPET_EVENT_DICT),
  sayables,
  payloads: {
    contact: await puppet.contactPayload('alice'),
    message: await puppet.messagePayload('m'),
    room: await puppet.roomPayload('lobby'),
  },
  errors,
  fileBoxes: fileBoxes.map((box) => JSON.stringify(box)),
}
console.log(JSON.stringify(out))
process.exit(0)
