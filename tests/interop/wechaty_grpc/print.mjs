// SPDX-License-Identifier: Apache-2.0
// Prints, as one JSON document, the protocol of the npm package wechaty-grpc: the rpcs of the classes
// that it ships, the messages and enums of the .proto files that it ships, and the bytes that its
// classes of the health service make.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import protobuf from 'protobufjs'

const require = createRequire(import.meta.url)
const folder = join(dirname(fileURLToPath(import.meta.url)), 'node_modules/wechaty-grpc')
const health = require(join(folder, 'out/google/api/health_check/v1/health_check_pb.js'))
const healthService = require(join(folder, 'out/google/api/health_check/v1/health_check_grpc_pb.js'))
const service = require(join(folder, 'out/wechaty/puppet_grpc_pb.js'))

const rpcs = (definition) => Object.values(definition).map((rpc) => ({
  path: rpc.path,
  clientStreaming: rpc.requestStream,
  serverStreaming: rpc.responseStream,
}))

const root = new protobuf.Root()
const proto = join(folder, 'dist/esm/proto')
root.resolvePath = (origin, target) => {
  const path = join(proto, target)
  if (existsSync(path)) return path
  // What only options use is not shipped; the well-known types come with protobufjs.
  return target.startsWith('google/protobuf/') ? target : null
}
await root.load('wechaty/puppet.proto', { keepCase: true })
root.resolveAll()

const messages = {}
const enums = {}
const services = {}
const visit = (object) => {
  const name = object.fullName.slice(1)
  if (object instanceof protobuf.Type) {
    messages[name] = object.fieldsArray.map((field) => ({
      number: field.id,
      name: field.name,
      type: field.resolvedType ? field.resolvedType.fullName.slice(1) : field.type,
      repeated: field.repeated,
      optional: Boolean(field.options && field.options.proto3_optional),
      deprecated: Boolean(field.options && field.options.deprecated),
    }))
  } else if (object instanceof protobuf.Enum) {
    enums[name] = object.values
  } else if (object instanceof protobuf.Service) {
    services[name] = object.methodsArray.map((method) => ({
      name: method.name,
      request: method.resolvedRequestType.fullName.slice(1),
      response: method.resolvedResponseType.fullName.slice(1),
      clientStreaming: Boolean(method.requestStream),
      serverStreaming: Boolean(method.responseStream),
    }))
  }
  for (const nested of object.nestedArray || []) visit(nested)
}
visit(root.lookup('wechaty'))

const request = new health.HealthCheckRequest()
request.setService('wechaty.Puppet')
const response = new health.HealthCheckResponse()
response.setStatus(health.HealthCheckResponse.ServingStatus.SERVICE_UNKNOWN)
const hex = (message) => Buffer.from(message.serializeBinary()).toString('hex')

console.log(JSON.stringify({
  classes: rpcs(service.PuppetService),
  services,
  messages,
  enums,
  health: {
    classes: rpcs(healthService.HealthService),
    status: health.HealthCheckResponse.ServingStatus,
    request: hex(request),
    response: hex(response),
  },
}))
