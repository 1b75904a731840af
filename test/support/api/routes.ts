import type { TestApp } from '../app.ts'

/** All that is answered, as `GET /runs/{id}`: from the tree that Fastify prints. */
export function namesOfRoutes(app: TestApp): string[] {
  const parts: string[] = []
  return app
    .printRoutes({ commonPrefix: false })
    .split('\n')
    .flatMap((line) => {
      const [, indent, part, methods = ''] = /^(.*)[└├]── (\S+)(?: \((.+)\))?$/.exec(line) ?? []
      if (part === undefined) return []
      parts.splice(indent!.length / 4, parts.length, part)
      const path = parts.join('').replace(/:(\w+)/g, '{$1}')
      return methods
        .split(', ')
        .filter((method) => method !== '' && method !== 'HEAD')
        .map((method) => `${method} ${path}`)
    })
}
