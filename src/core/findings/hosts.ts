import { kind } from './kind.ts'
import { option } from './option.ts'

/** Findings about the delivery of policies and the files of hosts. */
export const HOST_FINDINGS = {
  'meta-directive-ignored': kind<{ directive: string }>(
    'warn',
    ({ directive }) => `Browsers ignore ${directive} in a meta tag.`,
    () => `Deliver the policy in a header: choose your host, for example ${option({ output: 'netlify' })}.`,
  ),
  'host-recognised': kind<{ host: string; output: string; trace: string }>(
    'info',
    ({ host, trace }) =>
      `${trace} tells that the site is deployed to ${host}, which can send the policy as a header.`,
    ({ output }) =>
      `Set ${option({ output })}: a header also covers what a meta tag cannot, such as frame-ancestors.`,
  ),
  'no-page': kind<{ reason: string; way: string }>(
    'warn',
    ({ reason }) =>
      `This build had no page to protect (${reason}): no policy was written, neither into a page nor into a header file.`,
    ({ way }) => way,
  ),
  'host-other': kind<{ host: string; output: string; trace: string; files: string }>(
    'warn',
    ({ host, trace, files }) =>
      `The build runs on ${host} (${trace} is set), which does not read ${files}: the pages would be served without any policy.`,
    ({ output }) => `Write the file that it reads: ${option({ output })}.`,
  ),
  'host-file-unread': kind<{ file: string; base: string }>(
    'warn',
    ({ file, base }) =>
      `${file} is written below the root of the site (its base is ${base}), where no host reads it: if the parent directory is what you deploy, the pages are served without any policy.`,
    () =>
      `Put the policy into the pages: ${option({ output: 'meta' })}. Or run csp-hashes over the whole directory that you deploy.`,
  ),
  'pages-unmatched': kind<{ glob: string; page: string }>(
    'warn',
    ({ glob }) => `The option pages has the glob ${glob}, which matches no page, so it changes nothing.`,
    ({ page }) => `Globs are matched against paths in the site, such as ${page}. Correct or remove it.`,
  ),
  'excluded-under-header': kind<{ pages: string; layout: string }>(
    'info',
    ({ pages, layout }) =>
      `${pages} left out by the option pages, but with layout: '${layout}' the header is sent for every path, so browsers refuse their inline scripts. For uploaded pages that is what you want.`,
    () => `If their scripts have to run, let each page carry its own policy: ${option({ layout: 'split' })}.`,
  ),
  'excluded-split': kind<{ pages: string }>(
    'info',
    ({ pages }) =>
      `${pages} left out by the option pages, and a header for every path would reach what is left out, too. So each of the other pages carries its own policy in a meta tag, and the header only what a meta tag cannot carry.`,
    () =>
      `To send one policy for every path all the same, as for a folder of uploads: ${option({ layout: 'union' })}.`,
  ),
  'layout-split': kind<{ reason: string; file: string }>(
    'info',
    ({ reason, file }) =>
      `${reason}, so each page carries its own policy in a meta tag and ${file} the rest. Documents that are no page of the build, such as uploaded HTML files, have no script policy.`,
    () => `To send one policy for every path all the same: ${option({ layout: 'union' })}.`,
  ),
  'header-line-too-long': kind<{
    host: string
    length: number
    limit: number
    sources: number
    effect: string
    way: string
  }>(
    'error',
    ({ host, length, limit, sources, effect }) =>
      `The policy takes ${length} characters (${sources} sources) in one header, and ${host} ${effect} over ${limit}.`,
    ({ way }) => way,
  ),
  'header-rules-too-many': kind<{ host: string; count: number; limit: number; way: string }>(
    'error',
    ({ host, count, limit }) =>
      `The header file has ${count} rules, and ${host} reads no more than ${limit}.`,
    ({ way }) => way,
  ),
  'header-conflict': kind<{ header: string; path: string }>(
    'error',
    ({ header, path }) =>
      `The rule ${path} already sets ${header}; which of the two a page gets, or both, depends on the host.`,
    () => 'Remove your own header and give what it says to the directives option.',
  ),
  'header-order': kind<{ path: string }>(
    'error',
    ({ path }) =>
      `The rule ${path} stands before the rule /*, which then decides about the policy of ${path}.`,
    ({ path }) => `Move the rule ${path} below the rule /*.`,
  ),
  'header-without-path': kind<{ line: string }>(
    'warn',
    ({ line }) => `The line ${JSON.stringify(line)} stands before any path, so no host sends this header.`,
    () => 'Write the path that it is for, such as /*, on a line above it.',
  ),
  'marker-unbalanced': kind<{ marker: string }>(
    'error',
    ({ marker }) => `The comment ${marker} has no counterpart, so it is unclear which lines were generated.`,
    () => 'Remove the comment together with the generated lines; they will be written anew.',
  ),
  'report-only-in-meta': kind<object>(
    'error',
    () => 'Browsers ignore a report-only policy in a meta tag, so this one would report nothing.',
    () => `Deliver the policy in a header: choose your host, for example ${option({ output: 'netlify' })}.`,
  ),
  'host-file-unusable': kind<{ file: string; reason: string; way: string }>(
    'error',
    ({ file, reason }) => `${file} cannot take the policy: ${reason}.`,
    ({ way }) => way,
  ),
  'host-file-too-large': kind<{ host: string; file: string; size: number; limit: number; way: string }>(
    'error',
    ({ host, file, size, limit }) =>
      `${file} would have ${size} bytes, and ${host} takes no more than ${limit}.`,
    ({ way }) => way,
  ),
  'host-file-late': kind<{ host: string; file: string }>(
    'error',
    ({ host, file }) =>
      `${host} has read ${file} before this build, so the pages would get the policy of an earlier one.`,
    ({ file }) =>
      `Build on your machine and commit ${file}, or set ${option({ layout: 'split' })}, which keeps hashes out of it.`,
  ),
  'reports-lost': kind<object>(
    'warn',
    () =>
      'The policies of scripts go into the pages, where browsers ignore where to report to, so blocked scripts are not reported.',
    () => `Set ${option({ layout: 'union' })}, or leave out reporting.`,
  ),
  'integrity-policy-enforced': kind<object>(
    'warn',
    () => 'WebKit blocks scripts that only an import map pins when Integrity-Policy is enforced.',
    () => `Set ${option({ integrityPolicy: 'report' })}, unless no visitor uses Safari.`,
  ),
} as const
