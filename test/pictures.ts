import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { launchChromium, prepareChromium } from './support/browser/chromium.ts'
import { inPage } from './support/browser/press.ts'

// Makes the README's pictures anew, from the demo: npm run pictures

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = fileURLToPath(new URL('../docs', import.meta.url))
/** Long enough for every agent to be checked, and for runs to be under way. */
const livelyAfterMs = 25_000

type Picture = { name: string; height: number; show: (page: Page, url: string) => Promise<unknown> }

const pictures: Picture[] = [
  { name: 'overview', height: 900, show: (page, url) => page.goto(url) },
  { name: 'orchestrator', height: 900, show: (page, url) => page.goto(`${url}/orchestrator`) },
  {
    name: 'execute',
    height: 900,
    async show(page, url) {
      await page.goto(`${url}/orchestrator`)
      await page.getByRole('button', { name: 'Execute Research Agent' }).click()
      const dialog = page.locator('#dialog')
      await dialog.getByLabel(/^topic/).fill('Heat pumps in old buildings')
      await dialog.getByRole('button', { name: 'Set max_sources' }).click()
      await dialog.getByRole('textbox', { name: /^max_sources/ }).fill('ten')
      await dialog.getByRole('button', { name: 'Execute', exact: true }).click()
      await dialog.getByText('Enter a whole number').waitFor()
    },
  },
  { name: 'run', height: 900, show: async (page, url) => page.goto(`${url}/runs/${await completedRun(url)}`) },
  { name: 'agent', height: 1100, show: (page, url) => page.goto(`${url}/orchestrator/research-agent`) },
  { name: 'runs', height: 900, show: (page, url) => page.goto(`${url}/runs?time=day`) },
]

async function completedRun(url: string): Promise<string> {
  const address = `${url}/runs?agent=research-agent&status=completed`
  const response = await fetch(address, { headers: { accept: 'application/json' } })
  const { runs } = (await response.json()) as { runs: { run_id: string }[] }
  return runs[0]!.run_id
}

/** Half as large as the PNG of a browser. */
async function asWebp(studio: Page, png: Buffer): Promise<Buffer> {
  const draw = inPage<Promise<string>>(
    'png',
    `const image = new Image()
    image.src = 'data:image/png;base64,' + png
    return image.decode().then(() => {
      const canvas = document.createElement('canvas')
      Object.assign(canvas, { width: image.width, height: image.height })
      canvas.getContext('2d').drawImage(image, 0, 0)
      return canvas.toDataURL('image/webp', 0.9)
    })`,
  )
  const address = await studio.evaluate(draw, png.toString('base64'))
  return Buffer.from(address.slice(address.indexOf(',') + 1), 'base64')
}

const demo = spawn(process.execPath, ['demo/demo.ts', '--port', '0'], {
  cwd: root,
  stdio: ['ignore', 'pipe', 'inherit'],
})
try {
  const url = await new Promise<string>((resolve, reject) => {
    let output = ''
    demo.stdout.on('data', (chunk) => {
      output += chunk
      const [, found] = /dashboard: (http:\S+)/.exec(output) ?? []
      if (found) resolve(found)
    })
    demo.once('exit', () => reject(new Error('The demo did not start.')))
  })
  await sleep(livelyAfterMs)
  const browser = await launchChromium(await prepareChromium())
  const studio = await browser.newPage()
  for (const { name, height, show } of pictures) {
    const page = await browser.newPage({ viewport: { width: 1440, height }, colorScheme: 'light', timezoneId: 'UTC' })
    await show(page, url)
    await page.waitForLoadState('networkidle')
    const picture = await asWebp(studio, await page.screenshot({ animations: 'disabled', caret: 'hide' }))
    writeFileSync(`${folder}/${name}.webp`, picture)
    console.log(`${name}.webp, ${Math.round(picture.length / 1024)} KiB`)
    await page.close()
  }
  await browser.close()
} finally {
  demo.kill()
}
