import { MARK, type Operation } from "./unpickler.js";

/** Those that weights need, by opcode. */
export const operations: Readonly<Record<number, Operation>> = {
  0x80: (to) => {
    to.skip(1);
  }, // PROTO
  0x63: (to) => {
    to.global();
  }, // GLOBAL
  0x71: (to) => {
    to.remember(to.number(1));
  }, // BINPUT
  0x72: (to) => {
    to.remember(to.number(4));
  }, // LONG_BINPUT
  0x68: (to) => {
    to.recall(to.number(1));
  }, // BINGET
  0x6a: (to) => {
    to.recall(to.number(4));
  }, // LONG_BINGET
  0x28: (to) => {
    to.push(MARK);
  }, // MARK
  0x7d: (to) => {
    to.push(new Map());
  }, // EMPTY_DICT
  0x29: (to) => {
    to.tuple(0);
  }, // EMPTY_TUPLE
  0x85: (to) => {
    to.tuple(1);
  }, // TUPLE1
  0x86: (to) => {
    to.tuple(2);
  }, // TUPLE2
  0x87: (to) => {
    to.tuple(3);
  }, // TUPLE3
  0x74: (to) => {
    to.markedTuple();
  }, // TUPLE
  0x58: (to) => {
    to.push(to.text(to.number(4)));
  }, // BINUNICODE
  0x4b: (to) => {
    to.push(to.number(1));
  }, // BININT1
  0x4d: (to) => {
    to.push(to.number(2));
  }, // BININT2
  0x4a: (to) => {
    to.push(to.number(4, true));
  }, // BININT
  0x8a: (to) => {
    to.push(to.long());
  }, // LONG1
  0x47: (to) => {
    to.push(to.float());
  }, // BINFLOAT
  0x4e: (to) => {
    to.push(null);
  }, // NONE
  0x88: (to) => {
    to.push(true);
  }, // NEWTRUE
  0x89: (to) => {
    to.push(false);
  }, // NEWFALSE
  0x51: (to) => {
    to.storage();
  }, // BINPERSID
  0x52: (to) => {
    to.reduce();
  }, // REDUCE
  0x62: (to) => {
    to.build();
  }, // BUILD
  0x73: (to) => {
    to.setItem();
  }, // SETITEM
  0x75: (to) => {
    to.setMarkedItems();
  }, // SETITEMS
};
