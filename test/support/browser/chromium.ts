import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from 'playwright-core'

const cache = fileURLToPath(new URL('../../../node_modules/.cache/chromium', import.meta.url))

/** How to start the browser; plain data, so that it can be handed from vitest's setup to its workers. */
export type ChromiumLaunch = { executablePath: string; env: Record<string, string> }

/**
 * The browser from the npm registry, unpacked once into a folder of the project. CHROME_PATH names another one, for
 * systems that its binary is not made for. Not to be called by two processes at once.
 */
export async function prepareChromium(): Promise<ChromiumLaunch> {
  const own = process.env.CHROME_PATH
  if (own) return { executablePath: own, env: {} }
  const folder = join(cache, 'unpacked')
  if (!existsSync(folder)) await unpackInto(folder)
  return {
    executablePath: join(folder, 'chromium'),
    env: {
      LD_LIBRARY_PATH: join(folder, 'al2023/lib'),
      FONTCONFIG_FILE: join(folder, 'own-fonts.conf'),
      LANG: 'en_US.UTF-8',
    },
  }
}

async function unpackInto(folder: string): Promise<void> {
  mkdirSync(cache, { recursive: true })
  const temporary = mkdtempSync(join(cache, 'unpacking-'))
  const { TMPDIR, AWS_LAMBDA_JS_RUNTIME } = process.env
  try {
    // The package unpacks into the temporary folder of the system, and its libraries only where it sees this runtime.
    process.env.TMPDIR = temporary
    process.env.AWS_LAMBDA_JS_RUNTIME = 'nodejs22.x'
    const { default: packed } = await import('@sparticuz/chromium')
    await packed.executablePath()
    // Its own fonts.conf names a fixed folder; without fonts every text is 0 px wide.
    const fonts = `<dir>${join(folder, 'fonts')}</dir><dir>/usr/share/fonts</dir><cachedir>${join(folder, 'font-cache')}</cachedir>`
    writeFileSync(join(temporary, 'own-fonts.conf'), `<?xml version="1.0"?><fontconfig>${fonts}</fontconfig>`)
    renameSync(temporary, folder)
  } finally {
    restore('TMPDIR', TMPDIR)
    restore('AWS_LAMBDA_JS_RUNTIME', AWS_LAMBDA_JS_RUNTIME)
    rmSync(temporary, { recursive: true, force: true })
  }
}

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name]
  else process.env[name] = value
}

export function launchChromium({ executablePath, env }: ChromiumLaunch): Promise<Browser> {
  return chromium.launch({
    executablePath,
    env: { ...process.env, ...env } as Record<string, string>,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--font-render-hinting=none',
      // Each page of a profile in a process of its own costs as much to start as the page to load.
      '--renderer-process-limit=1',
    ],
  })
}
