// SPDX-License-Identifier: Apache-2.0
// The npm package file-box, driven by file_box_interop_test.cpp:
//   node box.mjs write        prints boxes of every form that has JSON, and what they answer
//   node box.mjs read FILE    reads a list of JSON texts and prints what their boxes answer
import { FileBox } from 'file-box'
import { readFileSync } from 'node:fs'

const [action, file] = process.argv.slice(2)

async function describe(box) {
  const isHere = box.type === 1 || box.type === 3
  return {
    json: JSON.stringify(box),
    name: box.name,
    size: box.size,
    md5: box.md5 ?? '',
    metadata: box.metadata,
    text: String(box),
    base64: isHere ? await box.toBase64() : '',
    content: box.type === 1 ? (await box.toBuffer()).toString('base64') : '',
    dataUrl: box.type === 1 ? await box.toDataURL() : '',
    qrCode: box.type === 3 ? await box.toQRCode() : '',
    picture: box.name === 'scan.png' ? await box.toQRCode() : '',
  }
}

function boxes() {
  const md5 = 'd41d8cd98f00b204e9800998ecf8427e'
  const marked = FileBox.fromBase64('aGVsbG8=', 'a.txt', md5)
  marked.metadata = { a: { list: [1, 'x', null], text: '漢 "quoted" \\ \u0001' }, z: 1 }
  return [
    marked,
    FileBox.fromBase64('aGVsbG8', '../../etc/passwd.png'),
    FileBox.fromBase64('_-_-', 'url alphabet.bin'),
    FileBox.fromDataURL('data:text/plain;base64,aGVsbG8=', 'hello.txt'),
    FileBox.fromUrl('http://x.y/z.png?token=1#part'),
    FileBox.fromUrl('https://x.y/z', { headers: { 'X-Token': 'abc' }, name: 'n.jpg', size: 5, md5 }),
    FileBox.fromQRCode('https://wechaty.js.org/漢', md5),
    FileBox.fromUuid('880c188f-3c13-4f5a-9ee9-2f4a2fd1fbbd'),
    FileBox.fromUuid('880c188f-3c13-4f5a-9ee9-2f4a2fd1fbbd', { name: 'f.txt', size: 12, md5 }),
  ]
}

const list = action === 'write'
  ? boxes()
  : JSON.parse(readFileSync(file, 'utf8')).map(text => FileBox.fromJSON(text))
const answers = []
for (const box of list) answers.push(await describe(box))
process.stdout.write('\n' + JSON.stringify(answers) + '\n')
process.exit(0)
