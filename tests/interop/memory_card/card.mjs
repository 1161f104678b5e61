// SPDX-License-Identifier: Apache-2.0
// The npm package memory-card, driven by memory_card_interop_test.cpp:
//   node card.mjs write|resave|read|destroy NAME [ETCD-HOST | s3 ENDPOINT]
// `read` prints what the card and its views answer, as one line of JSON.
import { MemoryCard } from 'memory-card'

const [action, name, host, endpoint] = process.argv.slice(2)
let storageOptions
if (host === 's3') {
  // The package has no option for another server than AWS's; its SDK has.
  process.env.AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE = '1'
  const { default: AWS } = await import('aws-sdk')
  AWS.config.update({ endpoint, s3ForcePathStyle: true })
  storageOptions = { type: 's3', accessKeyId: 'ID', secretAccessKey: 'SECRET', region: 'eu-test-1', bucket: 'cards' }
} else if (host) {
  storageOptions = { type: 'etcd', hosts: host }
}
const card = storageOptions ? new MemoryCard({ name, storageOptions }) : new MemoryCard(name)
await card.load()

if (action === 'write') {
  await card.set('text', 'tab\t quote" backslash\\ / \u0000\u001f\u007f\u2028 é 漢 😀')
  await card.set('10', 'ten')
  await card.set('9', 'nine')
  await card.set('01', 'no whole number')
  await card.set('numbers', [0, -1, 1.5, 1e21, 1e-7, 0.000001, 123456789012345680000, 5e-324, -2.5e-9, 2 ** 53])
  await card.set('nested', { z: 1, a: { 3: [], b: {}, a: null }, 7: [[], {}, [{ k: true }]] })
  await card.set('', false)
  await card.set('cut', '😀'.slice(0, 1))
  const puppet = card.multiplex('puppet')
  await puppet.set('k', 'v')
  const sub = puppet.multiplex('sub')
  await sub.set('deep', { token: 'x' })
}
if (action === 'destroy') {
  await card.destroy()
  process.exit(0)
}
if (action !== 'read') await card.save()

if (action === 'read') {
  const entries = []
  for await (const [key, value] of card.entries()) entries.push([key, value])
  const puppet = card.multiplex('puppet')
  const sub = puppet.multiplex('sub')
  process.stdout.write('\n' + JSON.stringify({
    entries,
    size: await card.size,
    k: await puppet.get('k'),
    deep: await sub.get('deep'),
    text: await card.get('text'),
  }) + '\n')
}
process.exit(0)
