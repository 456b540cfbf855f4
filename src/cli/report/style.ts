/** Colours are given as pairs of light and dark; `data-theme` overrides the system setting. */
export const STYLE = `
:root{color-scheme:light dark;--bg:light-dark(#f5f4ef,#0f1312);--card:light-dark(#fff,#161c1a);--ink:light-dark(#19211e,#e6ece9);--muted:light-dark(#5d6964,#93a19b);--line:light-dark(#e1dfd5,#28312e);--accent:light-dark(#0a6b53,#4fcfa5);--soft:light-dark(#e4f1ec,#17302a);--warn:light-dark(#8f5b00,#f0b95a);--bad:light-dark(#b3261e,#ff8a80);--badsoft:light-dark(#fbe9e7,#3a1a18);--shadow:light-dark(0 1px 2px #0001,0 0 #0000)}
:root[data-theme=light]{color-scheme:light}
:root[data-theme=dark]{color-scheme:dark}
*{box-sizing:border-box}
html{scroll-padding-top:76px}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;font-variant-numeric:tabular-nums}
code,.mono{font:13px/1.5 ui-monospace,"SF Mono",Menlo,Consolas,monospace}
a{color:var(--accent);text-underline-offset:3px}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
.skip{position:absolute;left:-999px}.skip:focus{left:16px;top:12px;z-index:3;background:var(--card);padding:6px 12px}
.bar{position:sticky;top:0;z-index:2;display:flex;gap:20px;align-items:center;padding:12px max(24px,calc(50% - 560px));background:var(--bg);border-bottom:1px solid var(--line)}
.bar strong{font-weight:650;letter-spacing:-.01em}
.bar nav{display:flex;gap:16px;flex:1}
.bar nav a{color:var(--muted);text-decoration:none}.bar nav a:hover{color:var(--ink)}
.bar input{width:min(300px,34vw);padding:7px 12px;border:1px solid var(--line);border-radius:8px;background:var(--card);color:var(--ink);font:inherit}
.bar button{padding:7px 12px;border:1px solid var(--line);border-radius:8px;background:var(--card);color:var(--muted);font:inherit;cursor:pointer}
.bar button:hover{color:var(--ink)}
main{max-width:1120px;margin:0 auto;padding:36px 24px 96px}
.lede{display:grid;gap:4px;margin-bottom:28px}
h1{margin:0;font-size:34px;line-height:1.15;letter-spacing:-.025em;font-weight:680;overflow-wrap:anywhere}
.lede p{margin:0;color:var(--muted)}
.verdict{display:flex;gap:14px;align-items:center;margin:22px 0;padding:16px 20px;border-radius:12px;background:var(--soft);color:var(--accent);font-weight:600}
.verdict.bad{background:var(--badsoft);color:var(--bad)}
.verdict svg{flex:none}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px}
.tile{padding:16px 18px;border:1px solid var(--line);border-radius:12px;background:var(--card);box-shadow:var(--shadow)}
.tile b{display:block;font-size:26px;line-height:1.2;letter-spacing:-.02em;font-weight:650}
.tile span{color:var(--muted);font-size:13px}
section{margin-top:52px}
h2{display:flex;align-items:baseline;gap:10px;margin:0 0 14px;font-size:20px;letter-spacing:-.012em}
h2 small{color:var(--muted);font-size:14px;font-weight:400}
.list{border:1px solid var(--line);border-radius:12px;background:var(--card);overflow:hidden;box-shadow:var(--shadow)}
details.page+details.page,.item+.item{border-top:1px solid var(--line)}
details.page>summary{display:flex;gap:16px;align-items:center;padding:11px 18px;cursor:pointer;list-style:none}
details.page>summary::-webkit-details-marker{display:none}
details.page>summary::before{content:"";flex:none;width:7px;height:7px;border:solid var(--muted);border-width:0 1.5px 1.5px 0;transform:rotate(-45deg);transition:transform .12s}
details.page[open]>summary::before{transform:rotate(45deg)}
details.page>summary:hover{background:light-dark(#faf9f5,#1a211f)}
.path{flex:1;overflow-wrap:anywhere}
.fact{color:var(--muted);font-size:13px;white-space:nowrap}
.policies{padding:4px 18px 20px 41px}
.policies h3{display:flex;flex-wrap:wrap;gap:4px 10px;align-items:center;margin:16px 0 6px;font-size:13px;font-weight:600;color:var(--muted)}
.policy{display:grid;grid-template-columns:minmax(110px,auto) 1fr;gap:2px 18px;margin:0}
.policy dt{padding:5px 0;font:600 13px/1.5 ui-monospace,"SF Mono",Menlo,Consolas,monospace}
.policy dd{margin:0;padding:5px 0;border-top:1px solid var(--line)}
.policy dt{border-top:1px solid var(--line)}
.source{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1.1fr);gap:16px;padding:1px 0}
.source code{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.source.hash code{color:var(--accent)}
.source span{color:var(--muted);font-size:13px;overflow-wrap:anywhere}
.scroll{overflow:auto;max-height:640px;padding:10px}
.legend{display:flex;flex-wrap:wrap;gap:6px 20px;padding:12px 18px;border-bottom:1px solid var(--line);color:var(--muted);font-size:13px}
.legend span{display:flex;gap:7px;align-items:center}
svg .edge{fill:none;stroke:light-dark(#c3ccc8,#3a4844);stroke-width:1.1}
svg .dynamic{stroke-dasharray:4 4}
svg .node rect{fill:var(--bg);stroke:var(--line)}
svg .node text{fill:var(--ink);font:12px ui-monospace,"SF Mono",Menlo,Consolas,monospace}
.attribute circle,.dot.attribute{fill:var(--accent)}.import-map circle,.dot.import-map{fill:light-dark(#3b6fd1,#8ab0ff)}.none circle,.dot.none{fill:var(--bad)}
svg .node:hover rect,svg .node:focus rect{stroke:var(--accent)}
svg.lit .node,svg.lit .edge{opacity:.16}svg.lit .on{opacity:1}svg.lit .edge.on{stroke:var(--accent);stroke-width:1.6}
table{width:100%;border-collapse:collapse}
th{padding:10px 18px;text-align:left;font-size:13px;font-weight:600;color:var(--muted)}
td{padding:8px 18px;border-top:1px solid var(--line);vertical-align:top}
td.mono{overflow-wrap:anywhere}
.number{text-align:right;white-space:nowrap}
tr:target td{background:var(--soft)}
.copy{padding:3px 10px;border:1px solid var(--line);border-radius:7px;background:var(--card);color:var(--accent);font:inherit;font-size:13px;cursor:pointer}
.item{padding:14px 18px}.item h3{display:flex;gap:10px;align-items:center;margin:0 0 6px;font-size:14px}
.fix:target{background:var(--soft)}.fix p{white-space:pre-line}
.item p{margin:2px 0}.item .hint{color:var(--muted)}
.item pre{margin:8px 0;padding:10px 14px;overflow:auto;border-radius:8px;background:var(--bg);font:12px/1.55 ui-monospace,"SF Mono",Menlo,Consolas,monospace}
pre.wrap{white-space:pre-wrap;overflow-wrap:anywhere}
.level{font-weight:600}.level.error{color:var(--bad)}.level.warn{color:var(--warn)}.level.info{color:var(--muted)}
.empty{padding:18px;color:var(--muted);margin:0}
[hidden]{display:none!important}
footer{margin-top:56px;color:var(--muted);font-size:13px}
kbd{padding:1px 6px;border:1px solid var(--line);border-bottom-width:2px;border-radius:5px;background:var(--card);font:12px ui-monospace,Menlo,Consolas,monospace}
@media(max-width:760px){main{padding:24px 16px 64px}.bar{position:static;flex-wrap:wrap;gap:10px;padding:12px 16px}.bar nav{order:3;flex:1 0 100%;flex-wrap:wrap;gap:0 14px}.bar nav a{padding:8px 0;font-size:14px}.bar input{flex:1;min-width:0;width:auto}html{scroll-padding-top:12px}h2{flex-wrap:wrap;gap:0 10px}.tiles{grid-template-columns:1fr 1fr}.source{grid-template-columns:minmax(0,1fr);gap:0;padding:4px 0}.source code{white-space:normal;overflow-wrap:anywhere}.fact.wide{display:none}.policy{grid-template-columns:minmax(0,1fr)}.policy dd{border:0;padding-top:0}.policies{padding-left:18px}details.page>summary{flex-wrap:wrap;gap:2px 12px;padding:12px 18px}.fact{flex-basis:100%;padding-left:19px}.copy{padding:8px 14px}thead{position:absolute;left:-999px}tbody,tr,td{display:block}tr{padding:10px 18px;border-top:1px solid var(--line)}td{padding:1px 0;border:0}td[data-label]{display:flex;justify-content:space-between;gap:16px}td[data-label]::before{content:attr(data-label);color:var(--muted);font-size:13px}.item p{overflow-wrap:anywhere}}
@media(prefers-reduced-motion:reduce){*{transition:none!important}}
@media print{.bar{position:static}.bar input,.bar button{display:none}}
`
