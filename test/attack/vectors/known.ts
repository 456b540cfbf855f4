import type { Vector } from '../vector.ts'

/** Injected markup that every policy for scripts is measured with. */
export const known: readonly Vector[] = [
  { id: 'inlineScript', what: '`<script>` with text', at: 'body-end', markup: '<script>MARK</script>' },
  { id: 'emptyNonce', what: '`<script nonce="">` with text', at: 'body-end', markup: '<script nonce="">MARK</script>' },
  { id: 'imgOnerror', what: '`<img onerror>`', at: 'body-end', markup: '<img src=missing.png onerror=MARK>' },
  { id: 'svgOnload', what: '`<svg onload>`', at: 'body-end', markup: '<svg onload=MARK>' },
  { id: 'inputAutofocus', what: '`<input autofocus onfocus>`', at: 'body-end', markup: '<input autofocus onfocus=MARK>', alone: true },
  { id: 'classicEvil', what: '`<script src>` of a foreign origin', at: 'body-end', markup: '<script src="EVIL_JS"></script>' },
  { id: 'moduleEvil', what: '`<script type=module src>` of a foreign origin', at: 'body-end', markup: '<script type=module crossorigin src="EVIL_JS"></script>' },
  { id: 'classicUpload', what: '`<script src>` of a file uploaded to the site', at: 'body-end', markup: '<script src="OWN_JS"></script>' },
  { id: 'moduleUpload', what: '`<script type=module src>` of an uploaded file', at: 'body-end', markup: '<script type=module src="OWN_JS"></script>' },
  { id: 'dataScript', what: '`<script src="data:…">`', at: 'body-end', markup: '<script src="DATA_JS"></script>' },
  { id: 'preloadedEvil', what: '`<link rel=preload as=script>`, then the script, foreign', at: 'body-end', markup: '<link rel=preload as=script href="EVIL_JS"><script src="EVIL_JS"></script>' },
  { id: 'modulepreloadedEvil', what: '`<link rel=modulepreload>`, then the module, foreign, before the app', at: 'head', markup: '<link rel=modulepreload crossorigin href="EVIL_JS"><script type=module crossorigin src="EVIL_JS"></script>' },
  { id: 'modulepreloadedUpload', what: 'the same with an uploaded file', at: 'head', markup: '<link rel=modulepreload href="OWN_JS"><script type=module src="OWN_JS"></script>' },
  { id: 'modulepreloadedData', what: 'the same with a `data:` URL', at: 'head', markup: '<link rel=modulepreload href="DATA_JS"><script type=module src="DATA_JS"></script>' },
  { id: 'importMapBefore', what: 'an import map before the app that points its chunks elsewhere', at: 'head', markup: '<script type=importmap>{"imports":{"STATIC_CHUNK":"EVIL/mod/ID.js"}}</script>', breaks: 'success' },
  { id: 'srcdocScript', what: '`<iframe srcdoc>` with a script', at: 'body-end', markup: '<iframe srcdoc="<script>MARK</script>"></iframe>' },
  { id: 'srcdocModule', what: '`<iframe srcdoc>` with a foreign module', at: 'body-end', markup: `<iframe srcdoc='<script type=module crossorigin src="EVIL_JS"></script>'></iframe>` },
  { id: 'srcdocModulepreloaded', what: '`<iframe srcdoc>` with a modulepreload and the foreign module', at: 'body-end', markup: `<iframe srcdoc='<link rel=modulepreload crossorigin href="EVIL_JS"><script type=module crossorigin src="EVIL_JS"></script>'></iframe>` },
  { id: 'domSrcdocModulepreloaded', what: 'the same', at: 'innerHTML', markup: `<iframe srcdoc='<link rel=modulepreload crossorigin href="EVIL_JS"><script type=module crossorigin src="EVIL_JS"></script>'></iframe>` },
  { id: 'iframeJavascript', what: '`<iframe src="javascript:…">`', at: 'body-end', markup: '<iframe src="javascript:MARK"></iframe>' },
  { id: 'embedJavascript', what: '`<object data="data:…">`, `<embed src="javascript:…">`', at: 'body-end', markup: '<object data="data:text/html,<script>MARK</script>"></object><embed src="javascript:MARK">' },
  { id: 'svgScriptEvil', what: '`<svg><script href>`, foreign', at: 'body-end', markup: '<svg><script href="EVIL_JS"></script></svg>' },
  { id: 'baseEvil', what: '`<base href>` to a foreign origin, then a relative script', at: 'body-end', markup: '<base href="EVIL/up/"><script src="ID.js"></script>' },
  { id: 'metaRefreshJavascript', what: '`<meta http-equiv=refresh>` to `javascript:`', at: 'body-end', markup: '<meta http-equiv=refresh content="0;url=javascript:MARK">' },
]
