"""What a patient may ask of the practice: to be told what is kept about them (GDPR Art. 15 and 20)."""
