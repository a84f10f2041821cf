"""What a patient may ask of the practice (GDPR Art. 15 to 18, 20 and 21): the requests, and what is done about them."""
