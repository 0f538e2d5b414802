"""The original's design: FastAPI, with a heap in memory. What it accepts is gone with the process."""

import heapq
import itertools
import socket
import uuid

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

RANKS = {"HIGH": 0, "MEDIUM": 1, "LOW": 2}

app = FastAPI()
heap = []
ingestions = {}
order = itertools.count()


class Ingest(BaseModel):
    ids: list[int]
    priority: str


@app.post("/ingest")
async def ingest(body: Ingest):
    ingestion_id = str(uuid.uuid4())
    batches = [body.ids[i : i + 3] for i in range(0, len(body.ids), 3)]
    ingestions[ingestion_id] = batches
    for batch in batches:
        heapq.heappush(heap, (RANKS[body.priority], next(order), ingestion_id, batch))
    return {"ingestion_id": ingestion_id}


@app.get("/kept")
async def kept():
    return {"ids": sum(len(batch) for batches in ingestions.values() for batch in batches)}


listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(1024)
print(f"FastAPI listens on http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listener])
