import { registerHooks } from 'node:module'

const formats = { '.ts': 'module-typescript', '.js': 'module' }

/**
 * Modules of `folder` name each other by their files, so there is nothing to look for. Node would look at the file, its
 * real path and its package for each of 3,000 imports, which is a tenth of the time to start.
 */
export function findOwnModules(folder) {
  registerHooks({
    resolve(name, context, next) {
      const format = formats[name.slice(-3)]
      const isOwn = name.startsWith('.') && format !== undefined && context.parentURL?.startsWith(folder)
      return isOwn ? { url: new URL(name, context.parentURL).href, format, shortCircuit: true } : next(name, context)
    },
  })
}
