// SPDX-License-Identifier: Apache-2.0
// An HTTP and an HTTPS server on loopback for url_resolver_test.cpp:
//   node server.mjs HTTP-PORT HTTPS-PORT KEY-FILE CERTIFICATE-FILE
import http from 'node:http'
import https from 'node:https'
import { readFileSync } from 'node:fs'

const [httpPort, httpsPort, keyFile, certFile] = process.argv.slice(2)
const seen = []

/// Writes `count` bytes as fast as they are taken.
function pour(response, count) {
  const chunk = Buffer.alloc(65536, 'x')
  const more = () => {
    while (count > 0) {
      const size = Math.min(count, chunk.length)
      count -= size
      if (!response.write(chunk.subarray(0, size)) && count > 0) return response.once('drain', more)
    }
    response.end()
  }
  more()
}

function answer(request, response) {
  const url = new URL(request.url, 'http://x')
  const number = name => Number(url.searchParams.get(name))
  if (url.pathname === '/seen') return response.end(JSON.stringify(seen))
  seen.push(`${request.method} ${request.url}`)
  request.on('error', () => {})
  response.on('error', () => {})
  switch (url.pathname) {
    case '/hello':
      response.setHeader('Content-Type', 'text/plain; charset=utf-8')
      response.setHeader('Content-Disposition', "attachment; filename=x.txt; filename*=UTF-8''%E6%BC%A2.txt")
      response.setHeader('Content-Length', 5)
      return response.end('hello')
    case '/no-head':
      if (request.method === 'HEAD') response.statusCode = 405
      response.setHeader('Content-Type', 'image/png')
      return response.end('hello')
    case '/plain': return response.end('plain')
    case '/empty': return response.end()
    case '/echo': return response.end(JSON.stringify(request.headers))
    case '/redirect': {
      const left = number('n')
      response.writeHead(302, { Location: left > 1 ? `/redirect?n=${left - 1}` : '/hello' })
      return response.end('moved')
    }
    case '/to':
      response.writeHead(302, { Location: url.searchParams.get('url') })
      return response.end()
    case '/status':
      response.statusCode = number('code')
      return response.end('an error page')
    case '/chunked': return pour(response, number('bytes'))
    case '/sized':
      response.setHeader('Content-Length', number('bytes'))
      return pour(response, number('bytes'))
    case '/cut':
      response.setHeader('Content-Length', 100)
      return response.write('x'.repeat(10), () => request.socket.destroy())
    case '/silent': return
    case '/stalls': return response.write('x')
    case '/drips': {
      const drops = setInterval(() => response.write('x'), 20)
      return response.on('close', () => clearInterval(drops))
    }
    case '/headers':
      for (let i = 0; i < 2000; ++i) response.setHeader(`X-${i}`, 'x'.repeat(1000))
      return response.end('hello')
    default:
      response.statusCode = 404
      return response.end('nothing here')
  }
}

// All of 127.0.0.0/8, so that there are two addresses.
const tls = { key: readFileSync(keyFile), cert: readFileSync(certFile) }
https.createServer(tls, answer).listen(Number(httpsPort), '0.0.0.0',
  () => http.createServer(answer).listen(Number(httpPort), '0.0.0.0'))
