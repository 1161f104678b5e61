// SPDX-License-Identifier: Apache-2.0
// A small S3 for the tests: GET, HEAD, PUT, DELETE of objects in one bucket, path and host style.
// Unlike the emulators at hand it verifies Signature Version 4 and answers conditional writes.
// Written from AWS's documentation, apart from the signer of the library, so that a mistake in one
// does not hide in the other.
//   node s3_double.mjs PORT BUCKET KEY_ID SECRET REGION [ignore-conditions] [tls=CERT,KEY] [file=STATE]
// With file= it keeps its objects when it is stopped and started again.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'

const [port, bucket, keyId, secret, region, ...modes] = process.argv.slice(2)
const ignoreConditions = modes.includes('ignore-conditions')
const valueOf = name => modes.find(mode => mode.startsWith(name + '='))?.slice(name.length + 1)
const [certFile, keyFile] = valueOf('tls')?.split(',') ?? []
const stateFile = valueOf('file')
const objects = new Map() // key -> { body, etag, modified }
if (stateFile && existsSync(stateFile)) {
  for (const [key, { body, ...rest }] of JSON.parse(readFileSync(stateFile))) {
    objects.set(key, { body: Buffer.from(body, 'base64'), ...rest })
  }
}
function persist () {
  if (!stateFile) return
  const all = [...objects].map(([key, { body, ...rest }]) => [key, { body: body.toString('base64'), ...rest }])
  writeFileSync(stateFile + '.tmp', JSON.stringify(all))
  renameSync(stateFile + '.tmp', stateFile)
}
let failures = 0 // answers 503 to so many requests

const sha256 = data => createHash('sha256').update(data).digest('hex')
const hmac = (key, data) => createHmac('sha256', key).update(data).digest()

function escaped (text) {
  return encodeURIComponent(text).replace(/[!'()*]/g, c => '%' + c.charCodeAt(0).toString(16).toUpperCase())
}

function signatureFault (req, body) {
  const match = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/
    .exec(req.headers.authorization ?? '')
  if (!match) return 'AccessDenied'
  const [, id, date, inRegion, names, signature] = match
  if (id !== keyId) return 'InvalidAccessKeyId'
  if (inRegion !== region) return 'AuthorizationHeaderMalformed'
  const time = req.headers['x-amz-date'] ?? ''
  const seconds = Date.parse(time.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z')) / 1000
  if (!(Math.abs(seconds - Date.now() / 1000) < 900) || !time.startsWith(date)) return 'RequestTimeTooSkewed'
  const hash = req.headers['x-amz-content-sha256']
  if (hash !== 'UNSIGNED-PAYLOAD' && hash !== sha256(body)) return 'XAmzContentSHA256Mismatch'
  const signed = names.split(';')
  for (const name of Object.keys(req.headers)) {
    const must = name === 'host' || name.startsWith('x-amz-')
    if (must && !signed.includes(name)) return 'AccessDenied'
  }
  const [path, query = ''] = req.url.split('?')
  const canonicalPath = path.split('/').map(part => escaped(decodeURIComponent(part))).join('/')
  const canonicalQuery = query.split('&').filter(Boolean)
    .map(pair => { const [n, v = ''] = pair.split('='); return escaped(decodeURIComponent(n)) + '=' + escaped(decodeURIComponent(v)) })
    .sort().join('&')
  const canonical = [req.method, canonicalPath, canonicalQuery,
    ...signed.map(name => name + ':' + String(req.headers[name] ?? '').trim().replace(/ +/g, ' ')),
    '', names, hash].join('\n')
  const scope = [date, region, 's3', 'aws4_request']
  const key = scope.reduce((k, part) => hmac(k, part), 'AWS4' + secret)
  const expected = hmac(key, ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(canonical)].join('\n'))
  return timingSafeEqual(expected, Buffer.from(signature, 'hex')) ? undefined : 'SignatureDoesNotMatch'
}

function answer (req, body) {
  const url = new URL(req.url, 'http://host')
  if (url.pathname === '/.double/fail') { failures = Number(url.searchParams.get('count')); return [200] }
  if (url.pathname === '/.double/keys') return [200, {}, JSON.stringify([...objects.keys()].sort())]
  const xml = (status, code) => [status, {}, `<Error><Code>${code}</Code><Message>no</Message></Error>`]
  if (failures > 0) { failures--; return xml(503, 'SlowDown') }
  const fault = signatureFault(req, body)
  if (fault) return xml(403, fault)
  let path = decodeURIComponent(req.url.split('?')[0]).slice(1)
  const hostBucket = (req.headers.host ?? '').split('.')[0]
  if (hostBucket === bucket) path = bucket + '/' + path // host style
  if (!path.startsWith(bucket + '/')) return xml(404, 'NoSuchBucket')
  const key = path.slice(bucket.length + 1)
  const stored = objects.get(key)
  switch (req.method) {
    case 'GET': case 'HEAD':
      return stored
        ? [200, { etag: stored.etag, 'last-modified': stored.modified }, stored.body]
        : xml(404, 'NoSuchKey')
    case 'PUT': {
      if (!ignoreConditions) {
        if (req.headers['if-none-match'] === '*' && stored) return xml(412, 'PreconditionFailed')
        const match = req.headers['if-match']
        if (match !== undefined && !stored) return xml(404, 'NoSuchKey')
        if (match !== undefined && match !== stored.etag) return xml(412, 'PreconditionFailed')
      }
      const etag = '"' + createHash('md5').update(body).digest('hex') + '"'
      objects.set(key, { body, etag, modified: new Date().toUTCString() })
      persist()
      return [200, { etag }]
    }
    case 'DELETE':
      objects.delete(key)
      persist()
      return [204]
    default:
      return xml(405, 'MethodNotAllowed')
  }
}

function serve (req, res) {
  const chunks = []
  req.on('data', chunk => chunks.push(chunk))
  req.on('end', () => {
    const [status, headers = {}, body = ''] = answer(req, Buffer.concat(chunks))
    res.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers })
    res.end(req.method === 'HEAD' ? undefined : body)
  })
}

const server = certFile
  ? createTlsServer({ cert: readFileSync(certFile), key: readFileSync(keyFile) }, serve)
  : createServer(serve)
server.listen(Number(port), '127.0.0.1')
