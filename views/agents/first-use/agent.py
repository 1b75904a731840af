from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
import json

class Agent(BaseHTTPRequestHandler):
    def answer(self, body):
        self.send_response(200); self.end_headers()
        self.wfile.write(json.dumps(body).encode())
    def do_GET(self):
        self.answer({'status': 'healthy'} if self.path == '/health' else
            {'workflow': 'greet', 'inputs': {'name': {'type': 'str', 'required': True}}})
    def do_POST(self):  # the body is the inputs themselves: {"name": "Ada"}
        inputs = json.loads(self.rfile.read(int(self.headers['content-length'])))
        self.answer({'status': 'success', 'outputs': {'text': f'Hello, {inputs["name"]}'}})

ThreadingHTTPServer(('localhost', 8001), Agent).serve_forever()
