/** Whether a browser shows a response as HTML, judging by its Content-Type. */
export type PageType = { readonly html: true } | { readonly html: false; readonly shown: string }

const MARKUP =
  /^(?:<!doctype html|<html|<head|<script|<title|<body|<meta|<link|<style|<div|<p|<h1|<!--)[\s>]/i

/**
 * Without a Content-Type, browsers sniff the first bytes, unless `nosniff` forbids it.
 * @see https://mimesniff.spec.whatwg.org/#rules-for-identifying-an-unknown-mime-type
 */
export function pageType(headers: readonly (readonly [string, string])[], bytes: Uint8Array): PageType {
  const header = (name: string): string | undefined =>
    headers.find(([one]) => one.toLowerCase() === name)?.[1]
  const essence = header('content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (essence === 'text/html') return { html: true }
  if (essence !== '') return { html: false, shown: essence }
  const sniffed = header('x-content-type-options')?.trim().toLowerCase() !== 'nosniff'
  const start = new TextDecoder().decode(bytes.subarray(0, 1024)).trimStart()
  if (sniffed && MARKUP.test(start)) return { html: true }
  return { html: false, shown: 'no Content-Type' }
}
