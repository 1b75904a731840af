/** Settings of the commands that talk to a running dashboard. Apart from those of `ui`: these load nothing. */
export const clientSettings = {
  url: {
    env: 'CONFIGURABLE_AGENTS_URL',
    flag: '--url',
    argument: '<url>',
    meaning: 'the dashboard to talk to',
    default: 'http://localhost:8000',
  },
  token: {
    env: 'CONFIGURABLE_AGENTS_TOKEN',
    flag: '--token',
    argument: '<token>',
    meaning: 'token to show to the dashboard; others on this machine can see the flag, not the variable',
  },
} as const

/** The flag overrides the environment. Undefined when it is not an http(s) URL; `source` says which was read. */
export function readDashboardUrl(typed: string | undefined, env = process.env) {
  const { flag, env: variable, default: usual } = clientSettings.url
  const text = typed ?? (env[variable] || usual)
  const source = typed === undefined ? variable : flag
  const url = URL.canParse(text) ? new URL(text) : undefined
  return { text, source, url: url && ['http:', 'https:'].includes(url.protocol) ? url : undefined }
}

export function readDashboardToken(typed: string | undefined, env = process.env) {
  const { flag, env: variable } = clientSettings.token
  return { token: typed ?? (env[variable] || undefined), source: typed === undefined ? variable : flag }
}
