import { shellQuoted } from '../../shared/text/shell-quoted.ts'
import type { Content, Operation, Parameter } from './description.ts'

/** The request of the examples; undefined where one is missing. */
export function curlOf(method: string, path: string, { parameters = [], requestBody }: Operation, dashboard: string) {
  const isNeeded = ({ in: where, required }: Parameter) => where === 'path' || required === true
  const examples = new Map(parameters.map((one) => [one.name, one.example ?? one.schema?.examples?.[0]]))
  if (parameters.some((one) => isNeeded(one) && examples.get(one.name) === undefined)) return undefined
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(String(examples.get(name))))
  const query = parameters
    .filter((one) => one.in === 'query' && examples.get(one.name) !== undefined)
    .map(({ name }) => `${name}=${encodeURIComponent(String(examples.get(name)))}`)
  const url = `${dashboard}${filled}${query.length === 0 ? '' : `?${query.join('&')}`}`
  const body = exampleOf(requestBody?.content['application/json'])
  const words = [
    'curl',
    ...(method === 'get' ? [] : ['-X', method.toUpperCase()]),
    ...['-H', shellQuoted('accept: application/json')],
    ...(body === undefined ? [] : ['-H', shellQuoted('content-type: application/json')]),
    ...(body === undefined ? [] : ['-d', shellQuoted(JSON.stringify(body))]),
    shellQuoted(url),
  ]
  return words.join(' ')
}

function exampleOf(media: Content[string] | undefined): unknown {
  return media?.example ?? Object.values(media?.examples ?? {})[0]?.value ?? media?.schema?.examples?.[0]
}
