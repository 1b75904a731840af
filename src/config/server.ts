import { database } from './database.ts'
import { hostName, listOf, port, word, yesOrNo } from './kinds.ts'
import { publicUrl } from './public-url.ts'
import type { Table } from './table.ts'

export const server = {
  host: {
    value: word('must name an address').default('127.0.0.1'),
    flag: '--host',
    argument: '<address>',
    meaning: 'address to listen on',
  },
  port: {
    value: port().default(8000),
    flag: '--port',
    argument: '<number>',
    meaning: 'port to listen on; 0 takes any free one',
  },
  db: {
    value: database().default('workflows.db'),
    flag: '--db',
    argument: '<file>',
    mayHoldSecret: true,
    meaning:
      'SQLite file, shared with the Python program; or a PostgreSQL database, as postgres://user:password@host/name',
  },
  open: {
    value: yesOrNo().default(false),
    flag: '--open',
    meaning: 'open the browser when ready',
  },
  publicUrl: {
    value: publicUrl().default(''),
    flag: '--public-url',
    argument: '<url>',
    meaning: 'address that people open, where a proxy is in front; it may have a path',
  },
  allowedHosts: {
    value: listOf(hostName()).default([]),
    meaning: 'more host names to answer to, separated by commas (for a proxy or a LAN name)',
  },
} satisfies Table
