# python3 python/server.py 8000
import base64, json, os, sys
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

csp = json.load(open("public/build/.vite/csp-hashes.json"))
page = csp["entries"]["src/main.js"]

HTML = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Python</title>
{map}
<script nonce="{nonce}">user = {user}</script>
{tags}
</head>
<body><main id="app"></main></body>
</html>"""


class Handler(SimpleHTTPRequestHandler):
    def do_GET(self):
        url = urlsplit(self.path)
        if url.path != "/":
            return super().do_GET()
        nonce = base64.b64encode(os.urandom(16)).decode()
        user = json.dumps({"name": parse_qs(url.query).get("name", ["you"])[0]}).replace("<", "\\u003c")
        import_map = (page["importMap"] or {}).get("tag", "")
        html = HTML.format(map=import_map, nonce=nonce, user=user, tags=page["tags"]).encode()
        self.send_response(200)
        for field in page["nonceHeaders"]:
            self.send_header(field["name"], field["value"].replace(csp["nonce"], nonce))
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(html)))
        self.end_headers()
        self.wfile.write(html)


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), lambda *a: Handler(*a, directory="public")).serve_forever()
