#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Other people on the network: clients by slixmpp, driven by a test.

A line of JSON on standard input is a command, {"n": 1, "as": "alice", "do": "say", ...}; a line on
standard output its answer, {"n": 1, "ok": ...} or {"n": 1, "error": "..."}. Commands of several
clients run at the same time. Ends with its standard input.
"""
import asyncio
import base64
import json
import logging
import sys
import uuid
import xml.etree.ElementTree as ET

import slixmpp
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath

PLUGINS = ("xep_0030", "xep_0045", "xep_0066", "xep_0084", "xep_0085", "xep_0115", "xep_0153",
           "xep_0172", "xep_0184", "xep_0199", "xep_0280", "xep_0308", "xep_0313", "xep_0333",
           "xep_0363", "xep_0424")


class Client(slixmpp.ClientXMPP):
    def __init__(self, jid, password, ca):
        super().__init__(jid, password)
        for plugin in PLUGINS:
            self.register_plugin(plugin)
        self.ca_certs = ca
        self.seen = []  # every stanza, as text
        self.changed = asyncio.Event()
        self.ready = asyncio.get_running_loop().create_future()
        self.online = {}  # contact to its resources
        self.auto_authorize = None
        self.add_event_handler("session_start", self.on_start)
        for event in ("failed_auth", "connection_failed"):
            self.add_event_handler(event, lambda _, why=event: self.fail(why))
        for kind in ("message", "presence", "iq"):
            self.register_handler(Callback(f"all {kind}", MatchXPath("{jabber:client}" + kind),
                                           self.on_stanza))

    async def _pick_dns_answer(self, domain, service=None):
        return None  # the address that was given, and nothing else

    def fail(self, why):
        if not self.ready.done():
            self.ready.set_exception(RuntimeError(why))

    async def on_start(self, _):
        await self.get_roster()
        await self["xep_0280"].enable()
        self.send_presence()
        if not self.ready.done():
            self.ready.set_result(None)

    def on_stanza(self, stanza):
        if stanza.name == "presence" and stanza["type"] in ("available", "unavailable"):
            resources = self.online.setdefault(stanza["from"].bare, set())
            if stanza["type"] == "available":
                resources.add(stanza["from"].resource)
            else:
                resources.discard(stanza["from"].resource)
        self.seen.append(str(stanza))
        self.changed.set()


class Peers:
    def __init__(self):
        self.clients = {}

    async def login(self, name, jid, password, port, ca, **_):
        client = Client(jid, password, ca)
        client.connect(("127.0.0.1", port))
        await asyncio.wait_for(client.ready, 20)
        self.clients[name] = client
        return client.boundjid.full

    async def quit(self, client):
        try:
            await asyncio.wait_for(client.disconnect(), 5)
        except asyncio.TimeoutError:
            pass  # there is nobody to say goodbye to: the server was restarted

    async def say(self, client, to, text, type="chat"):
        message = client.make_message(mto=to, mbody=text, mtype=type)
        message["id"] = str(uuid.uuid4())
        message.send()
        return message["id"]

    async def numbers(self, client, to, first, last, type="chat"):
        """Numbered messages; each answered ping shows that the server keeps pace."""
        for number in range(first, last + 1):
            client.make_message(mto=to, mbody=str(number), mtype=type).send()
            if number % 100 == 0:
                await client["xep_0199"].ping(client.boundjid.domain, timeout=60)
        await client["xep_0199"].ping(client.boundjid.domain, timeout=60)

    async def send(self, client, xml):
        client.send_raw(xml)

    async def ask(self, client, xml):
        """An iq given as text, and its answer as text."""
        iq = client.Iq(xml=ET.fromstring(xml))
        iq["id"] = client.new_id()
        try:
            return str(await iq.send(timeout=20))
        except slixmpp.exceptions.IqError as error:
            return str(error.iq)

    async def join(self, client, room, nick):
        await asyncio.wait_for(client["xep_0045"].join_muc_wait(room, nick, maxstanzas=0), 20)

    async def leave(self, client, room, nick):
        client["xep_0045"].leave_muc(room, nick)

    async def upload(self, client, to, name, media_type, base64_text, type="chat"):
        """What clients do with a file: XEP-0363, then XEP-0066."""
        content = base64.b64decode(base64_text)
        slot = await client["xep_0363"].request_slot(
            slixmpp.JID("upload." + client.boundjid.domain), name, len(content), media_type)
        import aiohttp
        headers = {h["name"]: h["value"] for h in slot["http_upload_slot"]["put"]["headers"]}
        headers |= {"Content-Type": media_type, "Content-Length": str(len(content))}
        async with aiohttp.ClientSession() as session:
            async with session.put(slot["http_upload_slot"]["put"]["url"], data=content,
                                   headers=headers) as answer:
                if answer.status != 201:
                    raise RuntimeError(f"PUT: {answer.status}")
        url = slot["http_upload_slot"]["get"]["url"]
        message = client.make_message(mto=to, mbody=url, mtype=type)
        message["oob"]["url"] = url
        message["id"] = str(uuid.uuid4())
        sharing = ET.fromstring(
            "<file-sharing xmlns='urn:xmpp:sfs:0'><file xmlns='urn:xmpp:file:metadata:0'>"
            "<media-type/><name/></file></file-sharing>")
        sharing[0][0].text, sharing[0][1].text = media_type, name
        message.append(sharing)
        message.send()
        return message["id"]

    async def fetch(self, client, url):
        """A file, as text."""
        import aiohttp
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            return await answer.text()

    async def avatar(self, client, media_type, base64_text):
        content = base64.b64decode(base64_text)
        key = client["xep_0084"].generate_id(content)
        await client["xep_0084"].publish_avatar(content)
        await client["xep_0084"].publish_avatar_metadata(
            {"id": key, "type": media_type, "bytes": str(len(content))})

    async def nick(self, client, name):
        await client["xep_0172"].publish_nick(name)

    async def retract(self, client, to, id, type="chat"):
        client["xep_0424"].send_retraction(slixmpp.JID(to), id, mtype=type)

    async def correct(self, client, to, id, text):
        message = client.make_message(mto=to, mbody=text, mtype="chat")
        message["id"] = str(uuid.uuid4())
        message["replace"]["id"] = id
        message.send()

    async def wait(self, client, contains, seconds=20):
        """The first stanza that holds all of these texts."""
        end = asyncio.get_running_loop().time() + seconds
        while True:
            client.changed.clear()
            for stanza in client.seen:
                if all(text in stanza for text in contains):
                    return stanza
            left = end - asyncio.get_running_loop().time()
            if left <= 0:
                raise RuntimeError(f"nothing with {contains} among the last of: {client.seen[-5:]}")
            try:
                await asyncio.wait_for(client.changed.wait(), left)
            except asyncio.TimeoutError:
                pass

    async def count(self, client, contains):
        """How many stanzas hold all of these texts, of what was sent before now."""
        await client["xep_0199"].ping(client.boundjid.domain, timeout=20)
        return sum(all(text in stanza for text in contains) for stanza in client.seen)

    async def bodies(self, client, contains):
        """The texts of the messages that hold all of these texts."""
        await client["xep_0199"].ping(client.boundjid.domain, timeout=20)
        found = [ET.fromstring(stanza) for stanza in client.seen
                 if all(text in stanza for text in contains)]
        return [e.findtext("{*}body") for e in found]

    async def archive(self, client, with_jid):
        """The texts said with somebody, as the account's archive has them."""
        found = []
        async for result in client["xep_0313"].iterate(with_jid=with_jid):
            message = result["mam_result"]["forwarded"]["stanza"]
            if message["body"]:
                found.append(message["body"])
        return found

    async def forget(self, client):
        client.seen.clear()

    async def resources(self, client, jid):
        await client["xep_0199"].ping(client.boundjid.domain, timeout=20)
        return sorted(client.online.get(jid, ()))

    async def run(self, command):
        number = command.pop("n")
        name = command.pop("as", None)
        work = getattr(self, command.pop("do"))
        try:
            if work == self.login:
                answer = {"ok": await work(name, **command)}
            else:
                answer = {"ok": await work(self.clients[name], **command)}
        except Exception as error:  # the test has to know
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps({"n": number, **answer}), flush=True)


async def main():
    reader = asyncio.StreamReader(limit=1 << 26)
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    peers = Peers()
    tasks = set()
    while line := await reader.readline():
        task = asyncio.ensure_future(peers.run(json.loads(line)))
        tasks.add(task)
        task.add_done_callback(tasks.discard)


logging.basicConfig(level=logging.ERROR)
logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # slixmpp ends with tasks pending
asyncio.set_event_loop(asyncio.new_event_loop())
asyncio.get_event_loop().run_until_complete(main())
