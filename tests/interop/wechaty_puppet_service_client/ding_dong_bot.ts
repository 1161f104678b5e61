// SPDX-License-Identifier: Apache-2.0
// A Wechaty bot as anybody writes one: told "ding", it says "dong". Where the gateway is comes from
// the environment.
import { type Contact, log, type Message, ScanStatus, WechatyBuilder } from 'wechaty'

const bot = WechatyBuilder.build({ name: 'ding-dong-bot', puppet: 'wechaty-puppet-service' })

bot
  .on('scan', (qrcode: string, status: ScanStatus) => console.log(`scan ${ScanStatus[status]} ${qrcode}`))
  .on('login', (user: Contact) => console.log(`login ${user.name()}`))
  .on('ready', () => console.log('ready'))
  .on('logout', (user: Contact, reason?: string) => console.log(`logout ${user.name()} ${reason ?? ''}`))
  .on('error', (error: Error) => log.error('DingDongBot', error.message))
  .on('message', async (message: Message) => {
    if (!message.self() && message.text() === 'ding') await message.say('dong')
  })

await bot.start()
