import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { StoreOpenError } from '../../../shared/errors.ts'

/** The driver says little of files that it cannot use, and only when it connects. Throws StoreOpenError. */
export function refuseTlsFiles(asked: URLSearchParams): void {
  const [authority, own, secret] = ['sslrootcert', 'sslcert', 'sslkey'].map((name) => fileOf(asked, name))
  if (authority) certificateIn(authority)
  const certificate = own && certificateIn(own)
  const key = secret && keyIn(secret)
  if (!own && !secret) return
  if (!own || !secret)
    throw new StoreOpenError(`${inAddress(own ?? secret!)}, and ${own ? 'no sslkey' : 'no sslcert'}. Name both.`)
  if (!certificate!.checkPrivateKey(key as KeyObject))
    throw refusal(secret, `is not the key of the certificate ${own.path}`)
}

type File = { name: string; path: string; text: string }

function fileOf(asked: URLSearchParams, name: string): File | undefined {
  const path = asked.get(name)
  if (!path) return undefined
  try {
    return { name, path, text: readFileSync(path, 'utf8') }
  } catch (error) {
    throw refusal({ name, path }, `cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
}

function certificateIn(file: File): X509Certificate {
  try {
    if (!file.text.includes('-----BEGIN')) throw new Error('Not PEM')
    return new X509Certificate(file.text)
  } catch {
    throw refusal(file, 'is not a certificate in PEM form')
  }
}

function keyIn(file: File): KeyObject {
  try {
    return createPrivateKey(file.text)
  } catch {
    const isEncrypted = /ENCRYPTED/.test(file.text)
    throw refusal(file, isEncrypted ? 'has a passphrase: name a key without one' : 'is not a private key in PEM form')
  }
}

const inAddress = ({ name, path }: Pick<File, 'name' | 'path'>) =>
  `${name} in the address of the database names ${path}`

const refusal = (file: Pick<File, 'name' | 'path'>, why: string) =>
  new StoreOpenError(`${inAddress(file)}, which ${why}.`)
