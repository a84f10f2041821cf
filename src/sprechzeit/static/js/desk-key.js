// Every page of the desk: the key that this session opened against the one that this browser remembers.

import { compare } from "./key-pin.js";

const { keyPrint, keyPractice, keyDiffers, keyPage } = document.body.dataset;
const csrf = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
compare({ practice: keyPractice, print: keyPrint }, { differs: keyDiffers, page: keyPage, csrf });
