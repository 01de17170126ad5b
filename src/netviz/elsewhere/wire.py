"""How many values a message of protobuf holds, counted before the message is unpacked.

Unpacked, a value takes up to a hundred times the bytes that it has in the file: an empty message
has two. Texts and raw bytes take no more than their bytes, and count as one.
"""

import os
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

Fields = Mapping[int, Any]  # those of a message by their numbers; the package has no types

VARINT, EIGHT_BYTES, SIZED, FOUR_BYTES = 0, 1, 2, 5  # how a value is written; others have no bytes
PACKED = 8  # numbers of a list without tags take so many times less than other values


# Fields of a model of ONNX (ModelProto in onnx.proto) by their numbers, and how they are written.
OF_MODEL = dict.fromkeys((2, 3, 4, 6, 7, 8, 14, 20, 25, 26), SIZED) | dict.fromkeys((1, 5), VARINT)
GRAPH = 7
MOST_FIELDS = 100_000
LONGEST_VARINT = 10  # bytes


def is_model(stream: BinaryIO) -> bool:
    """Say whether a file is one message with the fields of a model of ONNX, its graph among them.

    Their order does not matter; what they hold is skipped.
    """
    found = set()
    try:
        for number, way in _fields(stream):
            if OF_MODEL.get(number) != way or (number == GRAPH and GRAPH in found):
                return False
            found.add(number)
    except ValueError:
        return False
    return GRAPH in found


def _fields(stream: BinaryIO) -> Iterator[tuple[int, int]]:
    """Yield number and way of each field of the message that is all of a file.

    Raises:
        ValueError: it is no such message.
    """
    end = stream.seek(0, os.SEEK_END)
    place = stream.seek(0)
    for _ in range(MOST_FIELDS):
        if place == end:
            return
        tag = _varint_of(stream)
        yield tag >> 3, tag & 7
        value = _varint_of(stream)  # the number, or the length of what comes
        place = stream.tell() + (value if tag & 7 == SIZED else 0)
        if place > end:
            break
        stream.seek(place)
    raise ValueError("a field that does not end, or too many")


def _varint_of(stream: BinaryIO) -> int:
    head = stream.read(LONGEST_VARINT)
    try:
        value, length = _varint(head, 0)
    except IndexError:
        raise ValueError("a number that does not end") from None
    stream.seek(length - len(head), os.SEEK_CUR)
    return value


def count_values(content: bytes, descriptor: Any, most: int) -> int:  # noqa: ANN401 - of the package
    """Return how many values a message has, with those of all messages in it.

    Counting ends above `most`. What is damaged is left to the reader: counting ends there too.

    Args:
        content: the message.
        descriptor: that of its type.
        most: as many as may be.
    """
    count = 0
    waiting: list[tuple[int, int, Fields]] = [(0, len(content), descriptor.fields_by_number)]
    try:
        while waiting and count <= most:
            place, end, fields = waiting.pop()
            while place < end and count <= most:
                tag, place = _varint(content, place)
                count += 1
                way = tag & 7
                if way == VARINT:
                    _, place = _varint(content, place)
                elif way == SIZED:
                    length, place = _varint(content, place)
                    field = fields.get(tag >> 3)
                    if field is not None and field.message_type is not None:
                        below = field.message_type.fields_by_number
                        waiting.append((place, min(place + length, end), below))
                    elif field is not None and field.cpp_type != field.CPPTYPE_STRING:
                        count += length // PACKED
                    place += length
                else:
                    place += {EIGHT_BYTES: 8, FOUR_BYTES: 4}.get(way, 0)
    except IndexError:  # the content ends within a value
        pass
    return count


def _varint(content: bytes, place: int) -> tuple[int, int]:
    """Return the number written at `place` by seven bits a byte, and the place behind it.

    Raises:
        IndexError: the content ends within the number.
    """
    value = shift = 0
    while True:
        byte = content[place]
        place += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128 or shift > 63:
            return value, place
