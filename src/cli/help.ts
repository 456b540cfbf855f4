export const HELP = `csp-hashes: a hash-based strict Content-Security-Policy for every page of a built site

  csp-hashes <dir>                    protect the site in <dir>
  csp-hashes verify <dir | url>       read a finished site as a browser would; exit 1 if anything is refused
  csp-hashes explain <hash | page> [dir]
                                      what a hash stands for, or why a page's policy is as it is
  csp-hashes report [dir] [--out report.html]
                                      one self-contained page to look at

Where and how
  -b, --base <base>       public base: /, /sub/, ./ or a CDN's URL     (as the pages name their own files)
  -o, --out <dir>         write a protected copy there                 (in place)
  -n, --dry-run           write nothing, print a unified diff
  -c, --config <file>     options      (csp-hashes.config.{ts,mjs,js,json}, or the plugin's in vite.config)
      --json              one JSON object on the standard output
  -q, --quiet             errors alone
      --threads <n>       work on pages with so many                   (as many as there are processors, 8 at most)
      --cache <file>      remember pages there, and skip those that are as the last run left them
      --pages <n>         verify <url>: follow links to so many pages  (20)

Options, as those of the plugin
      --scripts <strict | dynamic | loader>
      --fence, --no-fence
      --algorithm <sha256 | sha384 | sha512>
      --preset <scripts-only | basic | tight>
      --directive "<name> <source> …"      again for each; <name>=false removes one
      --output <name,…>                    meta, netlify, cloudflare, …
      --layout <auto | union | split | per-page>
      --report-only
      --reporting <endpoint>
      --integrity-policy <report | enforce>
      --trusted-types <true | name,…>
      --origin <origin,…>
      --external <url>[=<hash>]            again for each
      --finding <code=error | warn | off,…>

Exit codes
  0 done   1 a finding is an error, or a browser would refuse something   2 wrong usage   3 a file or the network failed
  130 stopped by Ctrl-C. With any but 0 nothing was written.
`
