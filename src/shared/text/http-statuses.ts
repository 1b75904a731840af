// An `import` of node:http reads all its exports, and so loads Node's own fetch: 14 MB and a tenth of the time to start.
export const { STATUS_CODES: statusNames } = process.getBuiltinModule('node:http')
